export { render } from "../charts/render";
