/** An action of the scheduler as a person would say it: `dispatch agent`. */
export const actionWords = (type: string): string => type.replaceAll("_", " ");
