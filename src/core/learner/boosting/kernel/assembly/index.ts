// The hot loops of growing trees, in AssemblyScript. What each does: see ../kernel.ts.
export { addEntries, addGroup, addRows, addTwoFeatures, gatherRows, subtract } from './histogram';
export { dismiss, perform, serve } from './jobs';
export { addLeaf, logistic, partition, quantise, sigmoid, squared, sumLeaf } from './rows';
export { bestCut, searchNumbers } from './search';
