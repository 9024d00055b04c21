/** What the desk uses of modules that the import map brings. */
declare module "django-prose-editor/editor" {
  export const Link: { extend(definition: object): unknown };
  export const Table: { extend(definition: object): unknown };
}
