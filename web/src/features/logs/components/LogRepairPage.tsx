import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { navigate } from "../../../lib/navigation";
import { PageHeader } from "../../../ui/PageHeader";
import type { Choice } from "../../../ui/RemoteSelect";
import { ThingPicker } from "../../../ui/ThingPicker";
import { LogForm } from "./LogForm";

/** Work nobody had planned. */
export function LogRepairPage() {
  const { t } = useLingui();
  const [thing, setThing] = useState<Choice>();
  return (
    <>
      <PageHeader title={t`Log a repair`} note={t`For work that no plan asked for.`} />
      <LogForm
        draftId="repair"
        title={thing?.name ?? ""}
        target={{ resource_id: thing?.id }}
        ready={!!thing}
        onDone={() => navigate({ to: "/logs" })}
      >
        <ThingPicker
          required
          size="md"
          value={thing?.id ?? null}
          onChange={(_, choice) => setThing(choice)}
        />
      </LogForm>
    </>
  );
}
