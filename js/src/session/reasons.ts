/** The text of a view without a session. */
export const NO_SESSION = "session closed, run the cell again";
