/** Moves an account below another, or removes it from its hierarchy: now or on a date. */
import { Radio, Stack, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { HierarchyChildren, HierarchySubjectQuery } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { useDryRun } from '@/lib/dryRun'
import { countLabel } from '@/lib/labels'
import { optionalText } from '@/lib/payload'
import { formatWithWeekday, instantOf } from '@/lib/time'
import { AccountLink } from '@/ui/AccountLink'
import { AccountPicker, type PickedAccount } from '@/ui/AccountPicker'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { ScheduleConflicts } from '@/ui/ScheduleConflicts'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { type Timing, WhenField } from '@/ui/WhenField'
import { HierarchyImpact } from './HierarchyImpact'
import { HierarchySubjectDocument, PreviewHierarchyDocument } from './operations.generated'
import { PayerChoice, paidByParent } from './PayerChoice'
import { useMove } from './useMove'

export default function ChangeHierarchyDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: HierarchySubjectDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  if (result.data?.account) return <HierarchyForm key={id} account={result.data.account} />
  return (
    <DialogFrame title="Change hierarchy">
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title="Not found" hint="There is no account with this id." />}
      </QueryResult>
    </DialogFrame>
  )
}

interface Values {
  parentId: string | null
  parentPays: boolean
  children: HierarchyChildren
  note: string
  deferUntil: string | null
}

type Subject = NonNullable<HierarchySubjectQuery['account']>

function HierarchyForm({ account }: { account: Subject }) {
  const { close } = useDialog()
  const { timeZone } = useBusiness()
  const [operation, setOperation] = useState<'move' | 'remove'>('move')
  const [parent, setParent] = useState<PickedAccount | null>(null)
  const [timing, setTiming] = useState<Timing>('now')
  const form = useForm<Values>({
    initialValues: {
      parentId: null,
      parentPays: paidByParent(account),
      children: 'FOLLOW',
      note: '',
      deferUntil: null,
    },
    validate: {
      parentId: () =>
        operation === 'move' && !parent ? 'Choose the account that it goes below' : null,
      deferUntil: (value) => (timing === 'later' && !value ? 'Choose a date, or Now' : null),
    },
  })
  const later = timing === 'later' ? form.values.deferUntil : null
  const change = useMove(account, form)
  const place = {
    accountId: account.id,
    parentId: operation === 'move' ? parent?.id : null,
    parentPays: operation === 'move' && form.values.parentPays,
    children: form.values.children,
  }
  const isChosen = operation === 'remove' || parent !== null
  const preview = useDryRun(PreviewHierarchyDocument, isChosen ? { input: place } : null)

  async function submit(values: Values) {
    const input = {
      ...place,
      note: optionalText(values.note),
      deferUntil:
        timing === 'later' && values.deferUntil
          ? instantOf(values.deferUntil, timeZone)
          : undefined,
      expectedVersion: account.version,
    }
    const payload = await change.run({ input })
    if (!payload) return
    const message = payload.deferredAction
      ? scheduledNotice(payload.deferredAction, timeZone)
      : doneNotice(account, operation, parent)
    change.announce(message, input, payload.deferredAction?.id)
    close()
  }

  return (
    <FormDialog
      title={`Change hierarchy of ${account.name}`}
      submit={timing === 'later' ? 'Change on this date' : 'Change hierarchy'}
      onSubmit={form.onSubmit(submit)}
      busy={change.busy}
      problems={change.problems}
      form={form}
    >
      <Text size="sm" component="div">
        Current parent: {account.parent ? <AccountLink account={account.parent} /> : 'none'}
      </Text>
      {account.parent && (
        <Radio.Group
          label="Change"
          value={operation}
          onChange={(next) => setOperation(next as typeof operation)}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="move" label="Move below another account" />
            <Radio value="remove" label="Remove from the hierarchy" />
          </Stack>
        </Radio.Group>
      )}
      {operation === 'move' && (
        <>
          <AccountPicker
            label="New parent"
            required
            data-autofocus
            picked={parent}
            onPick={(picked) => {
              setParent(picked)
              form.clearFieldError('parentId')
            }}
            except={account.id}
            error={form.errors.parentId}
          />
          <PayerChoice
            account={account}
            parent={parent}
            value={form.values.parentPays}
            onChange={(parentPays) => form.setFieldValue('parentPays', parentPays)}
          />
        </>
      )}
      {operation === 'remove' && paidByParent(account) && (
        <Text size="sm">
          {account.parent?.name} no longer pays. The next bill goes to this account.
        </Text>
      )}
      {account.descendantCount > 0 && (
        <Radio.Group
          label={`${countLabel(account.descendantCount, 'account')} below`}
          {...form.getInputProps('children')}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="FOLLOW" label="Move with it" />
            <Radio value="STAY" label="Stay under the current parent" />
          </Stack>
        </Radio.Group>
      )}
      <WhenField timing={timing} onTiming={setTiming} input={form.getInputProps('deferUntil')} />
      <ScheduleConflicts
        target={account.id}
        subject="account"
        account={account.id}
        on={later}
        consequence="The move will be skipped."
      />
      {operation === 'move' && parent && form.values.parentPays && (
        <ScheduleConflicts
          target={parent.id}
          subject="new parent"
          on={later}
          consequence="The move will fail: a closed account cannot pay."
        />
      )}
      {isChosen && <HierarchyImpact preview={preview} isScheduled={timing === 'later'} />}
      <Textarea label="Note" autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
    </FormDialog>
  )
}

function scheduledNotice(
  { summary, scheduledFor }: { summary: string; scheduledFor: string },
  zone: string,
): string {
  return `Scheduled for ${formatWithWeekday(scheduledFor, zone)}: ${summary}`
}

function doneNotice(
  account: Subject,
  operation: 'move' | 'remove',
  parent: PickedAccount | null,
): string {
  return operation === 'move'
    ? `${account.name} is now below ${parent?.name}.`
    : `${account.name} was removed from its hierarchy.`
}
