/** The language of what is written for people to read: reports, findings in a file, the story of a run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { ReportLanguage } from '../io/report';
import { setMessages, t } from '../protocol/l10n';
import { rowName } from '../protocol/names';
import { SENTENCES } from '../protocol/sentence-templates';
import { knowSentences, sentence } from '../protocol/sentences';
import { CliError, ExitCode } from './exit-codes';

const BUNDLE = /^bundle\.l10n\.([a-z-]+)\.json$/;

export function languageOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--lang <language>',
      'language of what people read: en, zh-cn (default: that of the environment)',
    ),
  );
}

/**
 * From now on texts are in that language; without one in the language of the environment, else English.
 * @throws CliError for a language that there is no catalogue of
 */
export function useLanguage(
  given: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
  folder = join(__dirname, '..', 'l10n'),
): ReportLanguage {
  const known = catalogues(folder);
  const wanted = given ?? environment.LC_ALL ?? environment.LC_MESSAGES ?? environment.LANG ?? '';
  const found = known.find((language) => language === languageOf(wanted));
  if (given !== undefined && found === undefined && languageOf(given) !== 'en') {
    throw new CliError(
      `There are no texts in "${given}". There are en, ${known.join(', ')}.`,
      ExitCode.invalid,
      'no-language',
    );
  }
  setMessages(found === undefined ? undefined : messagesOf(join(folder, `bundle.l10n.${found}.json`)));
  if (found !== undefined) knowSentences(SENTENCES);
  return { tag: found === undefined ? 'en' : tagOf(found), t, sentence, rowName };
}

function catalogues(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).flatMap((name) => BUNDLE.exec(name)?.[1] ?? []) : [];
}

function messagesOf(path: string): Readonly<Record<string, string>> {
  const bundle: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return Object.fromEntries(Object.entries(Object(bundle)).map(([key, text]) => [key, String(text)]));
}

/** `zh_CN.UTF-8`, `zh-Hans` and `zh` are `zh-cn`; Chinese in traditional characters is another language. */
function languageOf(name: string): string {
  const [plain] = name.toLowerCase().replaceAll('_', '-').split(/[.@]/);
  if (plain === 'zh' || plain === 'zh-sg' || plain.startsWith('zh-hans')) return 'zh-cn';
  return plain.startsWith('en') ? 'en' : plain;
}

/** `zh-CN`, as pages name it. */
function tagOf(language: string): string {
  return language.replace(/-.*/, (region) => region.toUpperCase());
}
