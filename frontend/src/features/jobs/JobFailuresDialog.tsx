import { Box, Text } from '@mantine/core'
import { useQuery } from 'urql'
import { JobFailuresDocument } from '@/gql/graphql'
import { useSubjectId } from '@/lib/dialog'
import { AccountLink } from '@/ui/AccountLink'
import { DialogFrame } from '@/ui/FormDialog'
import { Answer, Nothing } from '@/ui/States'
import { When } from '@/ui/When'

export default function JobFailuresDialog() {
  const id = useSubjectId()
  const [result, ask] = useQuery({ query: JobFailuresDocument, variables: { id } })
  return (
    <DialogFrame title="Failures of this job run" size={680}>
      <Answer of={result} retry={() => ask({ requestPolicy: 'network-only' })}>
        {({ node }) => {
          if (node?.__typename !== 'JobRun')
            return <Nothing title="Not found" hint="There is no job run with this id." />
          const { nodes, totalCount } = node.failures
          if (totalCount === 0)
            return (
              <Nothing title="Nothing failed" hint="Every action of this run worked, or has been run again since." />
            )
          return (
            <Box component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
              {nodes.map((action) => (
                <Box
                  component="li"
                  key={action.id}
                  py={8}
                  style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
                >
                  <Text size="sm" fw={500}>
                    {action.summary} · <When at={action.scheduledFor} />
                  </Text>
                  <Text size="sm" c="var(--mantine-color-error)">
                    {action.failure}
                  </Text>
                  <AccountLink account={action.account} />
                </Box>
              ))}
              {totalCount > nodes.length && (
                <Text size="sm" mt="xs">
                  and {totalCount - nodes.length} more
                </Text>
              )}
            </Box>
          )
        }}
      </Answer>
    </DialogFrame>
  )
}
