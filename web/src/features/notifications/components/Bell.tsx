import { Plural } from "@lingui/react/macro";
import { VisuallyHidden } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../../../ui/Link";
import { unreadQuery } from "../api/notifications";
import { useUnreadStream } from "../api/stream";
import classes from "./Bell.module.css";

export function Bell() {
  useUnreadStream();
  const unread = useQuery(unreadQuery).data ?? 0;
  return (
    <Link to="/notifications" className={`${classes.bell} touch`}>
      <IconBell size={22} stroke={1.7} aria-hidden />
      {unread > 0 && (
        <span className={classes.count} aria-hidden>
          {unread > 99 ? "99+" : unread}
        </span>
      )}
      <VisuallyHidden role="status">
        <Plural value={unread} _0="No unread messages" one="# unread message" other="# unread messages" />
      </VisuallyHidden>
    </Link>
  );
}
