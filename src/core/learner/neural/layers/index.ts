import type { Step } from '../blueprint';
import { denseLayer } from './dense';
import { activationLayer, dropoutLayer } from './elementwise';
import type { Layer, LayerContext } from './layer';
import { mixtureLayer } from './mixture';
import { normLayer } from './norm';
import { stitchLayer } from './stitch';

export { Buffer, type Layer, type LayerContext, type Pass } from './layer';

/** @param masks byte offsets of the dropout masks */
export function layerOf(step: Step, masks: readonly number[], context: LayerContext): Layer {
  switch (step.kind) {
    case 'dense':
      return denseLayer(step, context);
    case 'activation':
      return activationLayer(step, context);
    case 'norm':
      return normLayer(step, context);
    case 'dropout':
      return dropoutLayer(step, masks, context);
    case 'mixture':
      return mixtureLayer(step, context);
    case 'stitch':
      return stitchLayer(step, context);
  }
}
