import { Table, type TableProps } from "@mantine/core";
import classes from "./CardTable.module.css";

/** Where a cell stands on the card: first line at the left or right, a line with its title, or without, or last. */
export type Slot = "lead" | "state" | "value" | "plain" | "actions";

/**
 * A table whose rows are cards on a phone. What is laid out as something else is no table any more to some
 * readers of the screen: the roles say that it is.
 */
export function CardTable({ className = "", ...props }: TableProps) {
  return <Table role="table" highlightOnHover {...props} className={`${classes.table} ${className}`} />;
}

CardTable.Head = Table.Thead.withProps({ role: "rowgroup" });
CardTable.Body = Table.Tbody.withProps({ role: "rowgroup" });
CardTable.Row = Table.Tr.withProps({ role: "row" });
CardTable.Title = Table.Th.withProps({ role: "columnheader" });
CardTable.Cell = Table.Td.withProps({ role: "cell" });
