import type { ComponentProps, MouseEvent } from "react";
import { hrefOf, navigate } from "../lib/navigation";
import { prefetch } from "../lib/prefetch";

interface Props extends Omit<ComponentProps<"a">, "href"> {
  to: string;
  search?: object;
}

/** A link within the application. Its page is fetched as soon as somebody seems to want it. */
export function Link({ to, search, onClick, children, ...rest }: Props) {
  const wanted = () => prefetch(to);
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    navigate({ to, search });
  };
  return (
    <a
      {...rest}
      href={hrefOf({ to, search })}
      onClick={click}
      onFocus={wanted}
      onPointerEnter={wanted}
      onTouchStart={wanted}
    >
      {children}
    </a>
  );
}
