export { reportHtml } from './html';
export { reportMarkdown } from './markdown';
export type { ReportData, ReportPath } from './report-data';
