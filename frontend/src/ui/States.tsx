/** The states of a screen without data: loading, an error with a retry, an empty list or page. */
import { t } from '@lingui/core/macro'
import { Alert, Button, EmptyState, Skeleton, Stack } from '@mantine/core'
import { IconAlertTriangle, IconFileOff, IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { AnyVariables, CombinedError } from 'urql'
import type { PageFragment } from '@/gql/graphql'
import { codeOf, errorMessage } from '@/lib/failure'
import { withLineBreaks } from '@/lib/lineBreaks'
import { firstPages, type PageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'

export function Loading({ lines = 5 }: { lines?: number }) {
  return (
    <Stack gap="sm" p="md" role="status" aria-label={t`Loading`}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are identical.
        <Skeleton key={line} height={16} width={`${92 - ((line * 17) % 40)}%`} />
      ))}
    </Stack>
  )
}

interface LoadErrorProps {
  error: CombinedError
  retry: () => void
  /** True if older data is shown below. */
  isOutdated?: boolean
}

export function LoadError({ error, retry, isOutdated = false }: LoadErrorProps) {
  return (
    <Alert
      color="var(--mantine-color-error)"
      variant="outline"
      icon={<IconAlertTriangle />}
      title={isOutdated ? t`Couldn't update this` : t`Couldn't load this`}
      m="md"
      role="alert"
    >
      <Stack gap="sm" align="start">
        {withLineBreaks(errorMessage(error))}
        <Button size="xs" variant="default" onClick={retry}>
          {t`Try again`}
        </Button>
      </Stack>
    </Alert>
  )
}

interface EmptyMessageProps {
  title: string
  hint: ReactNode
  action?: ReactNode
  icon?: ReactNode
  /** The level of the title, if it is the heading of the screen. */
  order?: 1
}

export function EmptyMessage({ title, hint, action, icon, order }: EmptyMessageProps) {
  return (
    <EmptyState icon={icon ?? <IconInbox />} py="xl" px="md" withIndicatorBackground size="xs">
      <EmptyState.Title order={order} m={0}>
        {withLineBreaks(title)}
      </EmptyState.Title>
      <EmptyState.Description>{hint}</EmptyState.Description>
      {action && <EmptyState.Actions>{action}</EmptyState.Actions>}
    </EmptyState>
  )
}

interface NoSuchScreenProps extends Omit<EmptyMessageProps, 'order'> {
  /** The title of the browser tab. */
  tab: string
}

/** The screen of an address of something that does not exist. */
export function NoSuchScreen({ tab, ...message }: NoSuchScreenProps) {
  return (
    <>
      <title>{tab}</title>
      <EmptyMessage {...message} order={1} />
    </>
  )
}

interface PageRowsProps {
  page: { nodes: unknown[]; pageInfo: PageFragment }
  /** Shown instead of the rows of an empty list. */
  empty: ReactNode
  children: ReactNode
}

/** The rows of one page of a list. */
export function PageRows({ page: { nodes, pageInfo }, empty, children }: PageRowsProps) {
  if (nodes.length > 0) return children
  // The entries of the page are gone, for example those of a status after they changed it.
  return pageInfo.hasPreviousPage || pageInfo.hasNextPage ? <NoSuchPage /> : empty
}

/** Said of a page that the address names and the list does not have. */
function NoSuchPage() {
  const change = useChangeSearch()
  return (
    <EmptyMessage
      icon={<IconFileOff />}
      title={t`The list doesn't have this page`}
      hint={t`Its entries have changed, or the address belongs to another list.`}
      action={
        <Button variant="default" size="xs" onClick={() => change(firstPages, { replace: true })}>
          {t`First page`}
        </Button>
      }
    />
  )
}

export interface QueryState<Data> {
  data?: Data
  error?: CombinedError
  fetching: boolean
  operation?: { variables: AnyVariables }
}

interface QueryResultProps<Data> {
  result: QueryState<Data>
  retry: () => void
  lines?: number
  children: (data: Data) => ReactNode
}

/** Shows the data of a query or its error. Old data stays while the query reruns or fails. */
export function QueryResult<Data>({ result, retry, lines, children }: QueryResultProps<Data>) {
  if (result.data) {
    return (
      <>
        {result.error && <LoadError error={result.error} retry={retry} isOutdated />}
        {children(result.data)}
      </>
    )
  }
  if (isOfNoPage(result)) return <NoSuchPage />
  if (result.error) return <LoadError error={result.error} retry={retry} />
  return <Loading lines={lines} />
}

/** True if the query was refused because of its cursor, for example that of another list. */
function isOfNoPage<Data>({ error, operation }: QueryState<Data>): boolean {
  const { after, before } = (operation?.variables ?? {}) as PageArguments
  return codeOf(error) === 'INVALID' && (after ?? before) !== undefined
}
