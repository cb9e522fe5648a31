import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../../../test/render";
import { IssuesPill } from "./IssuesPill";

test.each(["none", "minor", "major"] as const)(
  "%s is told by a word and a shape, not by colour alone",
  async (issues) => {
    const { container } = await show(<IssuesPill issues={issues} />);
    expect(screen.getByText(/issues/i)).toBeVisible();
    expect(container.querySelector("svg")).toBeInTheDocument();
  },
);
