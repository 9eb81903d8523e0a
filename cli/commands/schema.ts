import { editorSchemas, schemaText } from '../../database/schema/editor.ts';
import { suggest } from '../../database/suggest.ts';
import { UsageError } from '../errors.ts';

/** Prints the JSON Schema of this name: of all kinds together, of one kind, or of the settings. */
export function schema(name: string): number {
  const schemas = editorSchemas();
  const found = schemas.get(name.toLowerCase());
  if (found) {
    process.stdout.write(schemaText(found));
    return 0;
  }
  const names = [...schemas.keys()];
  const meant = suggest(name, names);
  throw new UsageError(
    `there is no schema ${JSON.stringify(name)}; ${meant ? `did you mean ${meant}?` : `name one of ${names.join(', ')}`}`,
  );
}
