export { reportHtml } from './html';
export type { ReportLanguage } from './language';
export { reportMarkdown } from './markdown';
export type { ReportData, ReportPath } from './report-data';
export type { ReportTheme } from './styles';
