/** Moves an account below another, or removes it from its hierarchy: now or on a date. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Radio, Stack, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { ActionTitleFragment, HierarchyChildren, HierarchySubjectQuery } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { useBusiness } from '@/lib/business'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { refusalOf, useDryRun } from '@/lib/dryRun'
import { optionalText } from '@/lib/payload'
import { formatWithWeekday, instantOf } from '@/lib/time'
import { useSeen } from '@/lib/useSeen'
import { AccountLink } from '@/ui/AccountLink'
import { AccountPicker, type PickedAccount } from '@/ui/AccountPicker'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { PayerImpact } from '@/ui/PayerImpact'
import { ScheduleConflicts } from '@/ui/ScheduleConflicts'
import { StaleEdit } from '@/ui/StaleEdit'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { type Timing, WhenField } from '@/ui/WhenField'
import {
  HierarchySubjectDocument,
  NewParentDocument,
  PreviewHierarchyDocument,
} from './operations.generated'
import { PayerChoice } from './PayerChoice'
import { payerBelow, payerByParent, presentChoice } from './payers'
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
    <DialogFrame title={t`Change hierarchy`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no account with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

interface Values {
  parentId: string | null
  /** Null until it is chosen. */
  parentPays: boolean | null
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
  const [{ data: above }] = useQuery({
    query: NewParentDocument,
    variables: { id: parent?.id ?? '' },
    pause: !parent,
  })
  const newPayer =
    parent && above?.account?.id === parent.id ? payerBelow(above.account) : undefined
  const form = useForm<Values>({
    initialValues: {
      parentId: null,
      parentPays: null,
      children: 'FOLLOW',
      note: '',
      deferUntil: null,
    },
    validate: {
      parentId: () =>
        operation === 'move' && !parent ? t`Choose the account that it goes below` : null,
      parentPays: (value) =>
        operation === 'move' && parent && parentPaysOf(value) === null ? t`Choose who pays` : null,
      deferUntil: (value) => (timing === 'later' && !value ? t`Choose a date, or Now` : null),
    },
  })
  const parentPaysOf = (chosen: boolean | null) => chosen ?? presentChoice(account, newPayer)
  const parentPays = parentPaysOf(form.values.parentPays)
  const later = timing === 'later' ? form.values.deferUntil : null
  const change = useMove(account, form)
  const place = {
    accountId: account.id,
    parentId: operation === 'move' ? parent?.id : null,
    parentPays: operation === 'move' && parentPays === true,
    children: form.values.children,
  }
  const { name, descendantCount: below } = account
  const formerPayer = payerByParent(account)?.name
  const isChosen = operation === 'remove' || (parent !== null && parentPays !== null)
  const preview = useDryRun(PreviewHierarchyDocument, isChosen ? { input: place } : null)
  const previewed = preview.data?.changeHierarchy
  const seen = useSeen([account.parent?.id, payerByParent(account)?.id])
  const isOutdated = seen.isOutdated && !change.busy

  function takeOver() {
    seen.accept()
    change.clear()
    if (!account.parent) setOperation('move')
  }

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
    seen.finish()
    const message = payload.deferredAction
      ? scheduledNotice(payload.deferredAction, timeZone)
      : doneNotice(account, operation, parent)
    change.announce(message, input, payload)
    close()
  }

  return (
    <FormDialog
      title={t`Change hierarchy of ${name}`}
      submit={timing === 'later' ? t`Change on this date` : t`Change hierarchy`}
      onSubmit={form.onSubmit(submit)}
      busy={change.busy}
      problems={isOutdated ? [] : change.problems}
      form={form}
      ready={!isOutdated}
    >
      {isOutdated && (
        <StaleEdit
          title={t`The hierarchy was just changed by somebody else`}
          text={t`What you typed is kept. Check what your change affects now.`}
          button={t`Continue`}
          onTakeOver={takeOver}
        />
      )}
      <Text size="sm" component="div">
        {account.parent ? (
          <Trans>
            Current parent: <AccountLink account={account.parent} />
          </Trans>
        ) : (
          t`Current parent: none`
        )}
      </Text>
      {account.parent && (
        <Radio.Group
          label={t`Change`}
          value={operation}
          onChange={(next) => setOperation(next as typeof operation)}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="move" label={t`Move below another account`} />
            <Radio value="remove" label={t`Remove from the hierarchy`} />
          </Stack>
        </Radio.Group>
      )}
      {operation === 'move' && (
        <>
          <AccountPicker
            label={t`New parent`}
            required
            data-autofocus
            picked={parent}
            onPick={(picked) => {
              setParent(picked)
              form.setFieldValue('parentId', picked?.id ?? null)
            }}
            except={account.id}
            error={form.errors.parentId}
          />
          <PayerChoice
            account={account}
            parent={parent}
            newPayer={newPayer}
            value={parentPays}
            onChange={(chosen) => form.setFieldValue('parentPays', chosen)}
            error={parentPays === null ? (form.errors.parentPays as string) : undefined}
          />
        </>
      )}
      {operation === 'remove' && formerPayer && (
        <Text size="sm">
          <Trans>{formerPayer} no longer pays. The next bill goes to this account.</Trans>
        </Text>
      )}
      {below > 0 && (
        <Radio.Group
          label={plural(below, { one: '# account below', other: '# accounts below' })}
          {...form.getInputProps('children')}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="FOLLOW" label={t`Move with it`} />
            <Radio value="STAY" label={t`Stay under the current parent`} />
          </Stack>
        </Radio.Group>
      )}
      <WhenField
        timing={timing}
        onTiming={setTiming}
        input={form.getInputProps('deferUntil')}
        nowOnly={
          account.status === 'CLOSED' ? t`The move of a closed account can't be scheduled.` : null
        }
      />
      <ScheduleConflicts
        target={account.id}
        subject="account"
        account={account.id}
        on={later}
        consequence={t`The move will be skipped.`}
      />
      {operation === 'move' && parent && parentPays && (
        <ScheduleConflicts
          target={parent.id}
          subject="newParent"
          on={later}
          consequence={t`The move will fail: a closed account cannot pay.`}
        />
      )}
      {isChosen && (
        <PayerImpact
          preview={preview}
          refusal={refusalOf(previewed)}
          isScheduled={timing === 'later'}
          account={previewed?.account ?? undefined}
          impact={previewed?.impact ?? undefined}
        />
      )}
      <Textarea label={t`Note`} autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
    </FormDialog>
  )
}

function scheduledNotice(
  action: ActionTitleFragment & { scheduledFor: string },
  zone: string,
): string {
  const from = formatWithWeekday(action.scheduledFor, zone)
  const title = actionTitle(action)
  return t`Scheduled for ${from}: ${title}`
}

function doneNotice(
  { name }: Subject,
  operation: 'move' | 'remove',
  parent: PickedAccount | null,
): string {
  const above = parent?.name
  return operation === 'move' && above
    ? t`${name} is now below ${above}.`
    : t`${name} was removed from its hierarchy.`
}
