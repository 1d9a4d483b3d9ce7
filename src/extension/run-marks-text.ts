/** `a, #b ,,a` → `a`, `b`. */
export function tagsOf(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim().replace(/^#/, '').slice(0, 100));
  return [...new Set(tags.filter((tag) => tag !== ''))].slice(0, 100);
}
