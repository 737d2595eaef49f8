/** Languages that a new algorithm can be written in. */
export const LANGUAGES = ["typescript", "python"] as const;

/** One of {@link LANGUAGES}. */
export type Language = (typeof LANGUAGES)[number];
