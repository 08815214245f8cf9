/**
 * Call a function when a button is pressed. Enter and Space are handled by the button: otherwise, they would trigger
 * JupyterLab's shortcuts.
 */
export function pressable(button: HTMLButtonElement, act: () => void): void {
  button.type = "button";
  button.addEventListener("click", act);
  button.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") event.stopPropagation();
  });
}
