import { useLingui } from "@lingui/react/macro";
import { Center, Loader } from "@mantine/core";

export function PageLoading() {
  const { t } = useLingui();
  return (
    <Center mih="50vh" role="status" aria-label={t`Loading`}>
      <Loader />
    </Center>
  );
}
