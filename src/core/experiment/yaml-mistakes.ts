/**
 * What is wrong with a file that is no YAML, in words about the file: the parser's are about its own grammar, and in one
 * language only. By the code of the parser's finding; where a code stands for several things, by what is said of it.
 */
interface Mistake {
  readonly message: string;
  readonly remedy: string;
}

/** `when`: what the parser says; the last of a list is for all else. */
type Case = Mistake & { readonly when?: RegExp };

const LIST_NOT_CLOSED: Case = {
  when: /with a \]$/,
  message: 'a list that begins with `[` is not closed',
  remedy: 'write `]` at its end, and indent its lines more than its key',
};
const MAP_NOT_CLOSED: Case = {
  when: /with a \}$/,
  message: 'a map that begins with `{` is not closed',
  remedy: 'write `}` at its end, and indent its lines more than its key',
};

const MISTAKES: Readonly<Record<string, readonly Case[]>> = {
  ALIAS_PROPS: [
    {
      message: 'an alias (`*name`) takes no anchor and no tag of its own',
      remedy: 'take out what stands before it',
    },
  ],
  BAD_ALIAS: [
    {
      message: 'the name of an anchor (`&name`) or an alias (`*name`) is empty, or ends in a colon',
      remedy: 'give it a name without a colon, or put the text in quotes',
    },
  ],
  BAD_COLLECTION_TYPE: [
    { message: 'a tag (`!name`) that does not fit what it stands before', remedy: 'take the tag out' },
  ],
  BAD_DIRECTIVE: [
    {
      message: 'a line that begins with `%` is an instruction to YAML, and it knows none of this name',
      remedy: 'take the line out',
    },
  ],
  BAD_DQ_ESCAPE: [
    {
      message: 'a backslash in double quotes begins no character that YAML knows',
      remedy: 'double the backslash, or put the text in single quotes',
    },
  ],
  BAD_INDENT: [
    LIST_NOT_CLOSED,
    MAP_NOT_CLOSED,
    {
      when: /^Flow end/,
      message: 'a closing bracket is not indented more than its key',
      remedy: 'write a space before it',
    },
    {
      when: /^Block scalar/,
      message: 'the lines of a text after `|` or `>` are not indented',
      remedy: 'indent them more than its key',
    },
    {
      message: 'this line begins in another column than those it belongs with',
      remedy: 'begin all keys of a map, or items of a list, in one column',
    },
  ],
  BAD_PROP_ORDER: [
    {
      message: 'an anchor (`&name`) or a tag (`!name`) stands before the sign it belongs after',
      remedy: 'write it right before the value',
    },
  ],
  BAD_SCALAR_START: [
    { message: 'a text without quotes cannot begin with this character', remedy: 'put the text in quotes' },
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    {
      when: /sequence/,
      message: 'a list stands where a key is expected',
      remedy: 'indent the list under its key',
    },
    {
      message: 'a second `key: value` on one line',
      remedy: 'write it on a line of its own or in `{ }`, or put the text in quotes',
    },
  ],
  BLOCK_IN_FLOW: [
    {
      message: 'a list or a map in lines of its own stands inside brackets',
      remedy: 'write it in brackets too',
    },
  ],
  KEY_OVER_1024_CHARS: [{ message: 'a key is longer than 1024 characters', remedy: 'write a shorter one' }],
  MISSING_CHAR: [
    { when: /closing ['"]/, message: 'a quote is not closed', remedy: 'write the quote where the text ends' },
    LIST_NOT_CLOSED,
    MAP_NOT_CLOSED,
    {
      when: /^Comments/,
      message: 'a comment begins right behind something else',
      remedy: 'write a space before `#`',
    },
    {
      when: /^Missing ,/,
      message: 'a comma is missing between two items in brackets',
      remedy: 'write a comma between them',
    },
    {
      when: /map values$/,
      message: 'a key without a colon after it',
      remedy: 'write a colon and a space between a key and its value',
    },
    {
      when: /^Sequence item/,
      message: 'an item of a list without `-` before it',
      remedy: 'write `- ` before it',
    },
    {
      when: /directives-end/,
      message: 'a line that begins with `%` is not followed by a line `---`',
      remedy: 'take the line with `%` out',
    },
    { message: 'a space or a line break is missing here', remedy: 'write one' },
  ],
  MULTILINE_IMPLICIT_KEY: [
    { message: 'a key goes over several lines', remedy: 'write the key and its colon on one line' },
  ],
  MULTIPLE_ANCHORS: [{ message: 'one value has two anchors (`&name`)', remedy: 'keep one' }],
  MULTIPLE_DOCS: [
    {
      message: 'a second document begins here',
      remedy: 'take the line `---` out: one file is one experiment',
    },
  ],
  MULTIPLE_TAGS: [{ message: 'one value has two tags (`!name`)', remedy: 'keep one' }],
  RESOURCE_EXHAUSTION: [
    { message: 'lists and maps stand too deep in each other', remedy: 'write them flatter' },
  ],
  TAB_AS_INDENT: [{ message: 'a line is indented with a tab', remedy: 'write spaces in the place of tabs' }],
  TAG_RESOLVE_FAILED: [
    {
      message: 'a word that begins with `!` is a tag, and there is none of this name here',
      remedy: 'take it out, or put the text in quotes',
    },
  ],
  UNEXPECTED_TOKEN: [
    {
      when: /flow-(seq|map)-end/,
      message: 'a bracket is closed that was not opened',
      remedy: 'take it out, or open it before',
    },
    {
      when: /^Unexpected (,|empty item)/,
      message: 'there is no item before this comma',
      remedy: 'take the comma out, or write an item before it',
    },
    {
      when: /^Block scalar header/,
      message: 'there is more on the line behind `|` or `>`',
      remedy: 'begin the text on the next line',
    },
    {
      when: /same line with key/,
      message: 'a list with `-` begins on the line of its key',
      remedy: 'begin it on the next line, or write it in `[ ]`',
    },
    {
      when: /map-value-ind/,
      message: 'there is no key before this colon',
      remedy: 'write a key before it, or put the text in quotes',
    },
    {
      message: 'a value has ended, and something follows it',
      remedy: 'put all of it in quotes, write a comma between, or take it out',
    },
  ],
};

const OTHERWISE: Mistake = {
  message: 'this is not written as YAML is',
  remedy: 'look for a bracket, a quote or a colon that is missing before it',
};

/** @param code of the parser's finding, and @param said its words */
export function yamlMistake(code: string, said: string): Mistake {
  const found = MISTAKES[code]?.find(({ when }) => when === undefined || when.test(said)) ?? OTHERWISE;
  return { message: found.message, remedy: found.remedy };
}
