declare module 'workerd' {
  /** Path of the `workerd` program for this platform. */
  const program: { readonly default: string };
  export default program;
}
