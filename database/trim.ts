/** A text without the given characters at its end, in linear time: a pattern such as /x+$/ starts anew at each of them. */
export function trimEnd(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
