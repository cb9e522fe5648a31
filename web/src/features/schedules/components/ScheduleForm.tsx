import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Autocomplete, Button, Card, Grid, Group, Stack, Textarea, Title } from "@mantine/core";
import { Controller, FormProvider, useForm, useWatch } from "react-hook-form";
import { useErrorText } from "../../../lib/errorText";
import { ApiError } from "../../../lib/problem";
import { useScheduleTypes } from "../../../lib/scheduleTypes";
import { PersonPicker } from "../../../ui/PersonPicker";
import { ThingPicker } from "../../../ui/ThingPicker";
import type { NewSchedule } from "../api/schedules";
import { FIELDS, type Field, scheduleSchema } from "../lib/formValues";
import { DateFields } from "./DateFields";
import { FrequencyFields } from "./FrequencyFields";
import { LeaveGuard } from "./LeaveGuard";
import { Preview } from "./Preview";
import { useFieldError } from "./useFieldError";

interface Props {
  values: NewSchedule;
  /** A plan keeps its thing for life: its records belong to it. */
  thingFixed?: string;
  submitLabel: string;
  onSubmit: (values: NewSchedule) => Promise<unknown>;
  onCancel: () => void;
}

export function ScheduleForm({ values, thingFixed, submitLabel, onSubmit, onCancel }: Props) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const form = useForm<NewSchedule>({
    values,
    resolver: zodResolver(scheduleSchema) as never,
    mode: "onTouched",
    resetOptions: { keepDirtyValues: false },
  });
  const { control, formState, handleSubmit, setError } = form;
  const types = useScheduleTypes(useWatch({ control, name: "schedule_type" }));
  const fieldError = useFieldError(formState.errors);

  const submit = handleSubmit(async (data) => {
    try {
      await onSubmit(data);
    } catch (error) {
      const fields = error instanceof ApiError ? (error.problem.errors ?? []) : [];
      const known = fields.filter(({ field }) => FIELDS.includes(field as Field));
      for (const { field, message } of known) setError(field as Field, { type: "server", message });
      // A conflict is shown whole above the form; here it only keeps what was typed from counting as saved.
      const conflict = error instanceof ApiError && error.status === 412;
      if (!known.length) setError("root", { message: conflict ? "" : errorText(error) });
    }
  });

  return (
    <FormProvider {...form}>
      <LeaveGuard dirty={formState.isDirty && !formState.isSubmitting && !formState.isSubmitSuccessful} />
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Card>
              <Stack gap="md">
                {formState.errors.root?.message && (
                  <Alert color="red" role="alert">
                    {formState.errors.root.message}
                  </Alert>
                )}
                <Controller
                  control={control}
                  name="resource_id"
                  render={({ field }) => (
                    <ThingPicker
                      {...field}
                      required
                      disabled={!!thingFixed}
                      description={thingFixed && t`A plan stays with its thing. Make a new one for another.`}
                      value={field.value || null}
                      onChange={(id) => field.onChange(id ?? "")}
                      error={fieldError("resource_id")}
                    />
                  )}
                />
                <Controller
                  control={control}
                  name="schedule_type"
                  render={({ field }) => (
                    <Autocomplete
                      {...field}
                      label={t`Kind of work`}
                      placeholder={t`Oil change, safety check, cleaning …`}
                      required
                      maxLength={50}
                      data={types}
                      error={fieldError("schedule_type")}
                    />
                  )}
                />
                <FrequencyFields />
                <DateFields />
                <Controller
                  control={control}
                  name="assigned_to"
                  render={({ field }) => (
                    <PersonPicker
                      {...field}
                      label={t`Assigned to`}
                      description={t`Without anybody, the owner of the thing is told.`}
                      error={fieldError("assigned_to")}
                    />
                  )}
                />
                <Controller
                  control={control}
                  name="description"
                  render={({ field }) => (
                    <Textarea
                      {...field}
                      label={t`What to do`}
                      description={t`Markdown: lists, bold, links.`}
                      autosize
                      minRows={4}
                      maxLength={10_000}
                      error={fieldError("description")}
                    />
                  )}
                />
              </Stack>
            </Card>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Card style={{ position: "sticky", top: 76 }}>
              <Title order={2} size="h5" mb="xs">
                <Trans>What this comes to</Trans>
              </Title>
              <Preview />
            </Card>
          </Grid.Col>
          {/* Below the dates: on a phone they are seen before the plan is made. */}
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Group justify="flex-end">
              <Button variant="default" onClick={onCancel}>
                <Trans>Cancel</Trans>
              </Button>
              <Button type="submit" loading={formState.isSubmitting}>
                {submitLabel}
              </Button>
            </Group>
          </Grid.Col>
        </Grid>
      </form>
    </FormProvider>
  );
}
