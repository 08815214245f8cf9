/** The style sheet as text, with its fonts: see `build.mjs`. */
declare module "katex/dist/katex.min.css" {
  const styles: string;
  export default styles;
}
