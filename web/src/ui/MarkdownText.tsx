import ReactMarkdown from "react-markdown";

/** Headings in a note must not outrank the page's own. Pictures from elsewhere would tell who reads. */
export default function MarkdownText({ children }: { children: string }) {
  return (
    <ReactMarkdown
      skipHtml
      disallowedElements={["img"]}
      components={{
        h1: ({ children: text }) => <h4>{text}</h4>,
        h2: ({ children: text }) => <h4>{text}</h4>,
        h3: ({ children: text }) => <h4>{text}</h4>,
        a: ({ href, children: text }) => (
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {text}
          </a>
        ),
      }}
    >
      {children}
    </ReactMarkdown>
  );
}
