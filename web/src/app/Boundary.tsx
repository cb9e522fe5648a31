import { Component, type ReactNode } from "react";
import { ApiError, OfflineError } from "../lib/problem";
import { PageError } from "../ui/PageError";

interface Props {
  children: ReactNode;
  /** For what a page can do without: nothing stands in its place. */
  quiet?: boolean;
}

/** Shows what went wrong while a page was drawn or fetched, instead of nothing. */
export class Boundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    if (this.props.quiet) return null;
    const ours = error instanceof ApiError || error instanceof OfflineError;
    // Code that could not be fetched, of a version that is gone perhaps, is asked for anew by a reload.
    const retry = () => (ours ? this.setState({ error: null }) : location.reload());
    const shown = ours || navigator.onLine ? error : new OfflineError(location.pathname);
    return <PageError error={shown} retry={retry} />;
  }
}
