import { lazy, Suspense } from "react";

const Text = lazy(() => import("./MarkdownText"));

/** Markdown as people wrote it; raw HTML in it is shown as nothing, never run. Its parser is fetched when needed. */
export function Markdown({ children }: { children: string }) {
  return (
    <div className="markdown">
      <Suspense fallback={<p style={{ whiteSpace: "pre-line" }}>{children.replace(/[*_#`>]/g, "")}</p>}>
        <Text>{children}</Text>
      </Suspense>
    </div>
  );
}
