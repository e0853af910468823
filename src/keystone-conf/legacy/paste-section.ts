/** Sections of paste, which reads their options itself and in their own case. */
export const PASTE_SECTION = /^(?:filter|app|pipeline|composite):/;
