/** The path of jobs that are no task: data for consumers. */
export const dataPath = "data";
