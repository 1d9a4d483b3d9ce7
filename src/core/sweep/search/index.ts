export { propose, type Tried } from './bayesian';
export { draw } from './draw';
export { promote, type Rung, rungsOf } from './halving';
export { axisOf, gridOf, gridSize, type Point, pointAt, type Space } from './space';
