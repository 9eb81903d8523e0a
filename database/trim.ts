/** A text without the given characters at its end, however many there are: a pattern such as /x+$/ begins anew at each of them. */
export function trimEnd(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
