/** What a view says when there is no session behind it any more. */
export const NO_SESSION = "session closed, run the cell again";
