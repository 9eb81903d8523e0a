/** A value that JSON can say; fields that are undefined are left out. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };
