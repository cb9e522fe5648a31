import { useLingui } from "@lingui/react/macro";
import { useUser } from "../../../lib/session";
import { PageHeader } from "../../../ui/PageHeader";
import { ThingTable } from "../../../ui/ThingTable";

export function MyThingsPage() {
  const { t } = useLingui();
  const user = useUser();
  return (
    <>
      <PageHeader title={t`My things`} note={t`What you share with the community and keep in order.`} />
      <ThingTable owner={user.id} />
    </>
  );
}
