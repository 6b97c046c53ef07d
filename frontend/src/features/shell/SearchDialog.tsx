/** Ctrl+K or `/`: finds accounts, logins, bills, offers, pages and actions while typing. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.layer.css'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { useBusiness } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { errorMessage } from '@/lib/failure'
import { accountCommands, type Command, generalCommands, matching, pageCommands } from './actions'
import { CurrentAccountDocument, GlobalSearchDocument } from './operations.generated'
import { linkOf, type RecentResult, recentResults, remember } from './recent'
import { searchDialog, searchDialogStore, takeKeys } from './searchDialog'
import { kindsFor, type SearchResult, searchResultsOf } from './searchResults'
import { useRequestedCommands } from './useRequestedCommands'

/**
 * The first key is searched at once, further ones after a short pause, so that the list follows the
 * typing. Requests that are overtaken are dropped.
 */
const pauseMs = 40

export default function SearchDialog() {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), pauseMs, { leading: true })
  const [{ data, fetching, error }] = useQuery({
    query: GlobalSearchDocument,
    variables: { text: search },
    pause: search === '',
  })
  const results = useMemo(
    () => (search === '' || !data ? [] : searchResultsOf(data.search, search)),
    [search, data],
  )
  const requested = useRequestedCommands(search)
  // An account that the whole text finds, such as "Card Shop", is meant itself.
  const isRequest = results.every(({ kind }) => kind !== 'account')
  const [first] = isRequest ? requested.commands : []
  const wanted = typed.trim()
  const settled = search === wanted && !fetching && !requested.fetching
  const enterPressed = useRef(false)
  /** Whether an entry was selected with the arrow keys since the last change of the text. */
  const isSelected = useRef(false)

  const openResult = useCallback(
    (result: RecentResult) => {
      searchDialog.close()
      remember(result)
      void navigate(linkOf(result))
    },
    [navigate],
  )

  const openCommand = useCallback(
    ({ to }: Command) => {
      searchDialog.close()
      if ('link' in to) void navigate(to.link)
    },
    [navigate],
  )

  /** Enter pressed before the response arrives selects the first entry of the response. */
  function choose(result: SearchResult, byKey: boolean) {
    if (settled || !byKey) openResult(result)
    else enterPressed.current = true
  }

  function type(text: string) {
    isSelected.current = false
    setTyped(text)
  }

  function pressed(key: string) {
    if (key === 'ArrowDown' || key === 'ArrowUp') isSelected.current = true
    if (key !== 'Enter' || entries()?.querySelector('[data-selected]')) return
    if (settled && results[0]) openResult(results[0])
    else enterPressed.current = true
  }

  /** Takes what was typed before the field was there. */
  function focused() {
    const { text, entered } = takeKeys()
    if (text === '') return
    setTyped((before) => before + text)
    enterPressed.current = entered
  }

  useLayoutEffect(() => {
    if (!settled) return
    // Entries can arrive later, or again after a change elsewhere.
    if (!isSelected.current || !keepSelected()) selectFirst()
    if (enterPressed.current) {
      if (results[0]) openResult(results[0])
      else if (first) openCommand(first)
    }
    enterPressed.current = false
  }, [settled, results, first, openResult, openCommand])

  const usual = useCommands(wanted)
  const commands = first ? [[t`Changes of accounts`, requested.commands] as const, ...usual] : usual
  const noResults = t`No results for "${wanted}". Try a name, an e-mail address or the full number.`
  const isEmpty = wanted !== '' && results.length === 0 && commands.length === 0
  return (
    <Spotlight.Root
      store={searchDialogStore}
      query={typed}
      onQueryChange={type}
      shortcut={null}
      scrollable
      overlayProps={{ blur: 2, backgroundOpacity: 0.4 }}
      maxHeight={480}
      attributes={{ content: { 'aria-label': t`Search` } }}
    >
      <Spotlight.Search
        aria-label={t`Search`}
        onFocus={focused}
        onKeyDown={(event) => pressed(event.key)}
        placeholder={t`Account, login, phone, bill, offer or action`}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {wanted === '' && <Recent onSelect={openResult} />}
        {kindsFor(wanted).map((kind) => (
          <Results
            key={kind}
            label={groupLabels[kind]}
            results={results.filter((result) => result.kind === kind)}
            onSelect={choose}
          />
        ))}
        {commands.map(([label, group]) => (
          <Commands key={label} label={label} commands={group} />
        ))}
        {isEmpty && (
          <Spotlight.Empty>
            <Text size="sm">
              {error ? errorMessage(error) : !settled ? t`Searching…` : noResults}
            </Text>
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

const groupLabels: Record<RecentResult['kind'], string> = {
  account: t`Accounts`,
  bill: t`Bills`,
  service: t`Services`,
  offer: t`Offers`,
}

/** The groups of actions and pages that match, without empty ones. */
function useCommands(typed: string): [string, Command[]][] {
  const { viewer } = useBusiness()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const number = /^\/accounts\/([^/]+)/.exec(path)?.[1]
  const [{ data }] = useQuery({
    query: CurrentAccountDocument,
    variables: { number: decodeURIComponent(number ?? '') },
    pause: !number,
  })
  const account = number ? data?.account : undefined
  const all: [string, Command[]][] = [
    ...(account
      ? [[account.name, accountCommands(account, viewer.role)] as [string, Command[]]]
      : []),
    [t`Actions`, generalCommands(viewer.role)],
    [t`Pages`, pageCommands(viewer.role)],
  ]
  return all
    .map(([label, commands]): [string, Command[]] => [label, matching(commands, typed)])
    .filter(([, commands]) => commands.length > 0)
}

function Recent({ onSelect }: { onSelect: (result: RecentResult) => void }) {
  const recent = recentResults()
  if (recent.length === 0) return null
  return (
    <Spotlight.ActionsGroup label={t`Recent`}>
      {recent.map((result) => (
        <Spotlight.Action
          key={`${result.kind} ${result.key}`}
          label={result.label}
          description={result.description}
          onClick={() => onSelect(result)}
        />
      ))}
    </Spotlight.ActionsGroup>
  )
}

interface ResultsProps {
  label: string
  results: SearchResult[]
  onSelect: (result: SearchResult, byKey: boolean) => void
}

function Results({ label, results, onSelect }: ResultsProps) {
  if (results.length === 0) return null
  return (
    <Spotlight.ActionsGroup label={label}>
      {results.map((result) => (
        <Spotlight.Action
          key={result.id}
          label={result.label}
          description={result.description}
          rightSection={result.badge}
          dimmedSections={false}
          closeSpotlightOnTrigger={false}
          onClick={(event) => onSelect(result, !event.isTrusted)}
        />
      ))}
    </Spotlight.ActionsGroup>
  )
}

function Commands({ label, commands }: { label: string; commands: Command[] }) {
  const navigate = useNavigate()
  const open = useOpenDialog()
  return (
    <Spotlight.ActionsGroup label={label}>
      {commands.map((command) => (
        <Spotlight.Action
          key={`${command.label} ${command.description}`}
          label={command.label}
          description={command.description}
          onClick={() => {
            if ('link' in command.to) void navigate(command.to.link)
            else open(command.to.dialog)
          }}
        />
      ))}
    </Spotlight.ActionsGroup>
  )
}

/** Spotlight selects the first entry on typing, but the entries arrive later. */
function selectFirst(): void {
  const list = entries()
  if (!list) return
  list.querySelector('[data-selected]')?.removeAttribute('data-selected')
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  searchDialogStore.updateState((state) => ({ ...state, selected: 0 }))
}

/** False if the selected entry has gone. */
function keepSelected(): boolean {
  const all = [...(entries()?.querySelectorAll('[data-action]') ?? [])]
  const selected = all.findIndex((entry) => entry.hasAttribute('data-selected'))
  searchDialogStore.updateState((state) => ({ ...state, selected }))
  return selected >= 0
}

function entries(): HTMLElement | null {
  return document.getElementById(searchDialogStore.getState().listId)
}
