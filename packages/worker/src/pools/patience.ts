/** So long a job that was claimed ahead may wait for a slot before it is given back, milliseconds. */
export const patience = 50;
