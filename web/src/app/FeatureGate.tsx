import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconToggleLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { featuresQuery, MAINTENANCE } from "../lib/features";
import { can } from "../lib/policy";
import { useUser } from "../lib/session";
import { Message } from "../ui/Message";
import { PageError } from "../ui/PageError";
import { PageLoading } from "../ui/PageLoading";
import { LinkButton } from "../ui/LinkButton";

/** Everything about maintenance stands behind the feature flag. */
export function FeatureGate({ children }: { children: ReactNode }) {
  const features = useQuery(featuresQuery);
  if (features.isPending) return <PageLoading />;
  if (!features.data) return <PageError error={features.error} retry={() => void features.refetch()} />;
  return features.data.features[MAINTENANCE] ? children : <FeatureOff />;
}

function FeatureOff() {
  const { t } = useLingui();
  const user = useUser();
  return (
    <Message icon={IconToggleLeft} title={t`Maintenance is switched off`}>
      <Text c="dimmed">
        <Trans>Plans and records are kept, and nobody is reminded until it is switched on again.</Trans>
      </Text>
      {can.administer(user) && (
        <LinkButton to="/admin">
          <Trans>Switch it on</Trans>
        </LinkButton>
      )}
    </Message>
  );
}
