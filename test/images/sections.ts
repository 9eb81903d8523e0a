/** The lines of each section of what a script printed; a section begins with a line `== name`. */
export function sectionsOf(output: string): Record<string, string[]> {
  const parts = output.split(/^== /m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', ...lines] = part.trim().split('\n');
      return [name, lines.map((line) => line.trim())];
    }),
  );
}
