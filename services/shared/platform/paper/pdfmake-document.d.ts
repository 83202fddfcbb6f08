/** The documents of pdfmake, which are those of pdfkit: what is changed in them. */
declare module 'pdfmake/js/PDFDocument.js' {
  interface FontDocument {
    initFonts(...options: unknown[]): void;
    registerFont(name: string, bytes: Uint8Array): void;
  }
  const module: { readonly default: { readonly prototype: FontDocument } };
  export default module;
}
