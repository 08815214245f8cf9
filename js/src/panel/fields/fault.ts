type Validated = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What the browser finds wrong with the value of an element, in its own words; "": nothing. */
export function faultOf(validated: Validated): string {
  if (!validated.willValidate || validated.validity.valid) return "";
  return (
    validated.validationMessage || (validated.validity.valueMissing ? MISSING : "This value is not valid.")
  );
}

export const MISSING = "Please fill in this field.";
