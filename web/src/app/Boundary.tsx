import { Component, type ReactNode } from "react";
import { ApiError, OfflineError } from "../lib/problem";
import { PageError } from "../ui/PageError";

/** Shows what went wrong while a page was drawn, instead of nothing. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const ours = error instanceof ApiError || error instanceof OfflineError;
    // Code that could not be fetched, of a version that is gone perhaps, is asked for anew by a reload.
    const retry = () => (ours ? this.setState({ error: null }) : location.reload());
    return <PageError error={error} retry={retry} />;
  }
}
