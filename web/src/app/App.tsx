import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { onFeatureDisabled } from "../lib/http";
import { createQueryClient } from "../lib/query";
import { Overlays } from "./Overlays";
import { createAppRouter } from "./router";
import { cssVariables, theme } from "./theme";

const queryClient = createQueryClient();
const router = createAppRouter(queryClient);
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
          <RouterProvider router={router} />
          <Overlays />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}
