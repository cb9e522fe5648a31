import { Trans, useLingui } from "@lingui/react/macro";
import { List, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useFormContext, useWatch } from "react-hook-form";
import { useErrorText } from "../../../lib/errorText";
import { useTime } from "../../../lib/time";
import { type NewSchedule, previewQuery } from "../api/schedules";
import { cleaned } from "../lib/formValues";
import { useRuleWords } from "../lib/words";

const COUNT = 12;

/** The rule in words and its next twelve dates, as the server computes them. */
export function Preview() {
  const { t } = useLingui();
  const time = useTime();
  const errorText = useErrorText();
  const words = useRuleWords();
  const { control } = useFormContext<NewSchedule>();
  const values = cleaned(useWatch({ control }) as NewSchedule);
  const { frequency, interval, rrule, recurrence_mode, start_date, end_date } = values;
  const [body] = useDebouncedValue(
    { frequency, interval, rrule, recurrence_mode, start_date, end_date },
    250,
  );
  const ready =
    !!body.start_date && Number(body.interval) >= 1 && (body.frequency !== "custom" || !!body.rrule);
  const dates = useQuery({
    ...previewQuery({ ...body, count: COUNT }),
    enabled: ready,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Text fw={500} mb="sm" style={{ textWrap: "balance" }}>
        {sentence(words(values))}
      </Text>
      {dates.error ? (
        <Text size="sm" c="red.8" role="alert">
          {errorText(dates.error)}
        </Text>
      ) : (
        <div aria-live="polite" aria-busy={dates.isFetching}>
          <Text size="sm" c="dimmed" mb={4}>
            <Trans>The next dates:</Trans>
          </Text>
          <List size="sm" spacing={3} listStyleType="none" aria-label={t`Next dates`}>
            {(dates.data ?? []).map((date) => (
              <List.Item key={date} className="tabular">
                {time.dateTime(date)}
              </List.Item>
            ))}
          </List>
        </div>
      )}
    </>
  );
}

function sentence(words: string): string {
  const text = `${words.charAt(0).toLocaleUpperCase()}${words.slice(1)}`;
  // German dates end with a full stop of their own.
  return text.endsWith(".") ? text : `${text}.`;
}
