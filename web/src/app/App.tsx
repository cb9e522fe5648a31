import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { onFeatureDisabled } from "../lib/http";
import { createQueryClient } from "../lib/query";
import { Overlays } from "./Overlays";
import { Router } from "./router";
import { cssVariables, theme } from "./theme";

const queryClient = createQueryClient();
const schemes = localStorageColorSchemeManager();
onFeatureDisabled(() => void queryClient.invalidateQueries({ queryKey: ["features"] }));

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={schemes}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queryClient}>
          <Router />
          <Overlays />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}
