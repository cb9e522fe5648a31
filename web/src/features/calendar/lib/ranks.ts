/** Within a day what needs doing stands above what is done: only the first few fit. */
export const RANKS = { overdue: 0, scheduled: 1, completed: 2 };
