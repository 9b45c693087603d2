declare module 'workerd' {
  const workerd: {
    /** Where the binary is. */
    default: string;
    /** The newest behaviour it knows. */
    compatibilityDate: string;
  };
  export default workerd;
}
