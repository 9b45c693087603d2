/** The module's bytes, written into a script; the build makes it. */
declare const bytes: Uint8Array<ArrayBuffer>;
export default bytes;
