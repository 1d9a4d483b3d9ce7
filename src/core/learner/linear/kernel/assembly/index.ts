// The hot loops of linear models, in AssemblyScript. What each does: see ../kernel.ts.
export { correlate } from './correlate';
export { descend } from './descend';
export { descendSingle } from './descend-single';
export { combine, products } from './products';
