export {
  type BinnedFeature,
  binFeature,
  type CategoricalBins,
  type FeatureBins,
  lastAtMost,
  MISSING_BIN,
  type NumericBins,
} from './binner';
export { CategoryOrder, MOST_ITEMS, type TargetGroups } from './category-order';
export { type TreeFeature, treeFeature } from './feature-matrix';
export { joinTrees } from './joined-trees';
export { countOutputs, predictByBlocks } from './predict';
export { BestSplit } from './split';
export { loadTrees, storedFeatures, storeTrees } from './stored';
export { labelsAreSparse, prepareTrainingSet, type TrainingSet, weightsOfTask } from './training-set';
export { CATEGORICAL, MISSING_LEFT, type Trees } from './trees';
export { TreesBuilder } from './trees-builder';
