/** Make a button act. Enter and Space are its own: JupyterLab's shortcuts would take them for the notebook's. */
export function pressable(button: HTMLButtonElement, act: () => void): void {
  button.type = "button";
  button.addEventListener("click", act);
  button.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") event.stopPropagation();
  });
}
