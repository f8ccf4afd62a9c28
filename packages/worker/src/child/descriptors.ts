/** File descriptors of a child. 0 to 2 are its standard streams, 3 is Node's own IPC channel, which nobody here uses. */
export const descriptors = { jobs: 4, outcomes: 5, watch: 6 } as const;
